package dev.kelpfs.benchmarks.harness;

/** The kinds of load, in the order of the table, with the share of the ceiling that is asked of each. */
enum Kind {
    CEILING("ceiling: Netty, 1 KiB from memory", 0, 0),
    GET("GET 1 KiB, warm", 70, 80),
    RAW_POST("POST 1 KiB, raw", 55, 65),
    MULTIPART_POST("POST 1 KiB, multipart", 45, 55),
    ASSIGN("dir/assign", 55, 55);

    final String title;
    final int leastPercent;
    final int aimPercent;

    Kind(String title, int leastPercent, int aimPercent) {
        this.title = title;
        this.leastPercent = leastPercent;
        this.aimPercent = aimPercent;
    }
}
