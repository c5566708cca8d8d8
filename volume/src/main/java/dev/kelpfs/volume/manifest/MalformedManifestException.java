package dev.kelpfs.volume.manifest;

import java.io.IOException;

/** Data that is no chunk manifest. */
public final class MalformedManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedManifestException(String what) {
        super(what);
    }
}
