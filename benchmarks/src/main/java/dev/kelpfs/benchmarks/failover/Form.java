package dev.kelpfs.benchmarks.failover;

/** In which processes three masters and three volume servers run. */
enum Form {
    /** {@code weed master} and {@code weed volume}, each by itself: a master's death leaves all volume servers. */
    SIX("six", "six processes"),
    /** {@code weed server}: a volume server dies with the master in its process. */
    THREE("three", "three processes");

    final String word;
    final String label;

    Form(String word, String label) {
        this.word = word;
        this.label = label;
    }
}
