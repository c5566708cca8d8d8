package dev.kelpfs.master.state;

/** A command was not committed, or nobody can tell: the log failed, is full, or belongs to another leader now. */
public final class NotCommittedException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotCommittedException(String reason) {
        super(reason);
    }

    public NotCommittedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
