package dev.kelpfs.disk.real;

/** What is known about reads that do not wait on one file system: assumed to work until it says that it cannot. */
final class ReadNowSupport {
    private volatile boolean supported;

    ReadNowSupport(boolean supported) {
        this.supported = supported;
    }

    boolean supported() {
        return supported;
    }

    /** The file system refused; nobody asks again. */
    void refuse() {
        supported = false;
    }
}
