package dev.kelpfs.cli.command;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.flags.Support;
import java.util.ArrayList;
import java.util.List;

/** What is to be said, or refused, about flags that somebody set and that have no effect yet. */
public final class FlagNotices {
    private FlagNotices() {}

    /**
     * What the flags bring, one line each.
     *
     * @throws StartException if one of them asks for what must not be left out in silence
     */
    public static List<String> of(FlagValues flags) throws StartException {
        List<String> notices = new ArrayList<>();
        for (Flag flag : flags.changed()) {
            switch (flag.support()) {
                case Support.Works _ -> { }
                case Support.Later(var what) ->
                    notices.add("-" + flag.name() + " has no effect yet: this release has no " + what);
                case Support.Refused(var what) -> throw new StartException(
                        "-" + flag.name() + " is set, but this release has no " + what + "; it does not start without it");
            }
        }
        return notices;
    }
}
