package dev.kelpfs.shell.cluster;

/** Kinds of servers that ping and are pinged. */
enum Kind {
    MASTER("master", "master"),
    VOLUME_SERVER("volume server", "volumeServer"),
    FILER("filer", "filer");

    private final String words;
    private final String wireName;

    Kind(String words, String wireName) {
        this.words = words;
        this.wireName = wireName;
    }

    /** For people. */
    String words() {
        return words;
    }

    /** As a ping names the kind of its target. */
    String wireName() {
        return wireName;
    }
}
