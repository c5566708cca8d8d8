package dev.kelpfs.flags;

/** A text that is no value of its flag's type; the message is the reason as it stands at the end of an error line. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private BadValueException(String reason) {
        super(reason);
    }

    static BadValueException unreadable() {
        return new BadValueException("parse error");
    }

    static BadValueException outOfRange() {
        return new BadValueException("value out of range");
    }
}
