package dev.kelpfs.volume.location;

import java.util.Locale;

/** What a read of a volume that is not on this server does. */
public enum ReadMode {
    /** Answers 404. */
    LOCAL,
    /** Fetches it from a server that has it. */
    PROXY,
    /** Sends the client to a server that has it. */
    REDIRECT;

    /**
     * Reads the value of {@code -readMode}.
     *
     * @throws IllegalArgumentException if it is none of local, proxy, redirect
     */
    public static ReadMode parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "local" -> LOCAL;
            case "proxy" -> PROXY;
            case "redirect" -> REDIRECT;
            default -> throw new IllegalArgumentException("readMode must be local, proxy or redirect, got \"" + text + "\"");
        };
    }
}
