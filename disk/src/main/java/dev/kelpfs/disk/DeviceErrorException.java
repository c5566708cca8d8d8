package dev.kelpfs.disk;

import java.io.IOException;
import java.nio.file.Path;

/** The device under a file reported an input/output error (EIO): the disk is failing, or has gone. */
public final class DeviceErrorException extends IOException {
    private static final long serialVersionUID = 1L;

    public DeviceErrorException(Path path, String operation) {
        super(operation + " " + path + ": input/output error of the device; check the disk and the kernel log");
    }
}
