package dev.kelpfs.flags;

import java.util.List;

/** What reading a command line can end in. */
public sealed interface Parsing {
    /** @param positionals everything from the first argument on that is no flag */
    record Parsed(FlagValues values, List<String> positionals) implements Parsing {
        public Parsed {
            positionals = List.copyOf(positionals);
        }
    }

    /** {@code -h} or {@code -help} was given. */
    record HelpAsked() implements Parsing {}

    /** Somebody gave something wrong; the lines say what, the first one in the reference's words. */
    record Refused(List<String> lines) implements Parsing {
        public Refused {
            lines = List.copyOf(lines);
        }
    }
}
