package dev.kelpfs.master;

import java.util.List;

/**
 * Who may ask, and what is signed for whom.
 *
 * @param writeKey signs the tokens handed out with assigned ids; empty signs none
 * @param writeTokenSeconds how long such a token is valid; 0 for ever
 * @param readKey signs the tokens handed out with lookups for reading; empty signs none
 * @param readTokenSeconds how long such a token is valid; 0 for ever
 * @param whiteList addresses and networks (CIDR) that may use the guarded routes; empty admits all
 */
public record MasterSecurity(
        String writeKey, int writeTokenSeconds, String readKey, int readTokenSeconds, List<String> whiteList) {
    /** No keys, no list. */
    public static final MasterSecurity OPEN = new MasterSecurity("", 10, "", 60, List.of());

    public MasterSecurity {
        whiteList = List.copyOf(whiteList);
        if (writeTokenSeconds < 0 || readTokenSeconds < 0) {
            throw new IllegalArgumentException("tokens cannot expire before they are given: expires_after_seconds is "
                    + writeTokenSeconds + " and " + readTokenSeconds);
        }
    }

    /** Says whether keys are set, never what they are. */
    @Override
    public String toString() {
        return "MasterSecurity[writeKey " + (writeKey.isEmpty() ? "unset" : "set")
                + ", readKey " + (readKey.isEmpty() ? "unset" : "set") + ", whiteList " + whiteList + "]";
    }
}
