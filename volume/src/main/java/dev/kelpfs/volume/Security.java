package dev.kelpfs.volume;

import java.util.List;

/**
 * Who may do what.
 *
 * @param writeKey signs the tokens that uploads and deletes must bring; empty asks for none
 * @param readKey signs the tokens that reads must bring; empty asks for none
 * @param whiteList addresses and networks (CIDR) that may write and administer; empty admits all
 * @param statusPage whether the status page is shown although a write key is set
 */
public record Security(String writeKey, String readKey, List<String> whiteList, boolean statusPage) {
    /** No keys, no list. */
    public static final Security OPEN = new Security("", "", List.of(), false);

    public Security {
        whiteList = List.copyOf(whiteList);
    }

    /** Says whether keys are set, never what they are. */
    @Override
    public String toString() {
        return "Security[writeKey " + (writeKey.isEmpty() ? "unset" : "set")
                + ", readKey " + (readKey.isEmpty() ? "unset" : "set") + ", whiteList " + whiteList + "]";
    }
}
