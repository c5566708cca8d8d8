package dev.kelpfs.shell.volume;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.shell.command.CommandException;
import java.util.ArrayList;
import java.util.List;

/** Volume ids as flags give them. Pure. */
final class VolumeIds {
    private VolumeIds() {}

    /** A comma separated list; empty for an empty text. */
    static List<Long> list(String text) throws CommandException {
        List<Long> ids = new ArrayList<>();
        for (String item : text.split(",")) {
            if (!item.isBlank()) ids.add(one(item.strip()));
        }
        return ids;
    }

    static long one(String text) throws CommandException {
        try {
            return VolumeId.parse(text).value();
        } catch (IllegalArgumentException wrong) {
            throw new CommandException("-volumeId: " + wrong.getMessage());
        }
    }
}
