package dev.kelpfs.disk.faulty;

import java.io.IOException;

/** The process of this disk has died as planned; every call answers so from then on. */
public final class CrashedException extends IOException {
    private static final long serialVersionUID = 1L;

    public CrashedException() {
        super("the process died as planned");
    }
}
