package dev.kelpfs.shell.volume;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.shell.command.CommandException;
import java.util.List;
import java.util.TreeSet;

/** Volume ids as flags give them. Pure. */
final class VolumeIds {
    private static final long LARGEST = 0xffff_ffffL;

    private VolumeIds() {}

    /** A comma separated list, sorted, each once; empty only for an empty text, which means all volumes. */
    static List<Long> list(String text) throws CommandException {
        TreeSet<Long> ids = new TreeSet<>();
        for (String item : text.split(",")) {
            if (!item.isBlank()) ids.add(one(item.strip()));
        }
        if (ids.isEmpty() && !text.isEmpty()) throw new CommandException("-volumeId names no volume, got \"" + text + "\"");
        return List.copyOf(ids);
    }

    static long one(String text) throws CommandException {
        try {
            VolumeId.parse(text);
            return known(Long.parseUnsignedLong(text));
        } catch (IllegalArgumentException wrong) {
            throw new CommandException("-volumeId: " + wrong.getMessage());
        }
    }

    /** Larger numbers are not cut to 32 bits, as elsewhere: they would name another volume than the one that was typed. */
    static long known(long id) throws CommandException {
        if (id < 1 || id > LARGEST) {
            throw new CommandException("-volumeId must be 1 to " + LARGEST + ", got " + Long.toUnsignedString(id));
        }
        return id;
    }
}
