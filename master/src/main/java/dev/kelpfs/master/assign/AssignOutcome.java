package dev.kelpfs.master.assign;

import dev.kelpfs.core.FileId;
import dev.kelpfs.master.topology.Place;
import java.util.List;

/** What asking for a place to write can end in. Every case is ordinary; only bugs throw. */
public sealed interface AssignOutcome {
    /**
     * Write there.
     *
     * @param count keys from the first on
     * @param places the servers that hold the volume, at least one
     */
    record Assigned(FileId first, long count, List<Place> places) implements AssignOutcome {}

    /** Not now; asking again may help. @param reason tells what is waited for */
    record Later(String reason, int afterSeconds) implements AssignOutcome {}

    /** This master cannot be sure any more that it leads; another one may give a place in a moment. */
    record NotLeading() implements AssignOutcome {}

    /** The data center asked for does not exist. */
    record UnknownDataCenter(String reason) implements AssignOutcome {}

    /** It cannot be, with the servers that are known. @param reason says what is missing and what to do */
    record Refused(String reason) implements AssignOutcome {}
}
