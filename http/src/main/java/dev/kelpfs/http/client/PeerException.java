package dev.kelpfs.http.client;

import java.io.IOException;

/** A peer gave no answer, or its answer broke off. The message names the peer. */
public final class PeerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final PeerFailure kind;

    PeerException(PeerFailure kind, String message) {
        super(message);
        this.kind = kind;
    }

    public PeerFailure kind() {
        return kind;
    }
}
