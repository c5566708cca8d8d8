package dev.kelpfs.volume.administration;

/** The side of the server that talks to the master. */
public interface Announcements {
    /** Volumes came, went, or may no longer be written: the master shall know at once. */
    void volumesChanged();

    /** Takes leave of the master for good; the server goes on serving, and its health checks say that it goes. */
    void leave();
}
