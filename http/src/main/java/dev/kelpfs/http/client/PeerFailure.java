package dev.kelpfs.http.client;

/** Ways in which an exchange with a peer fails. */
public enum PeerFailure {
    /** No connection could be made, so the peer knows nothing of the request. */
    REFUSED,
    /** Nothing moved for as long as the request was willing to wait. */
    TIMEOUT,
    /** The connection broke, or what came was no proper answer. */
    BROKEN,
    /** Too much is under way with this peer already; nothing was sent. */
    BUSY
}
