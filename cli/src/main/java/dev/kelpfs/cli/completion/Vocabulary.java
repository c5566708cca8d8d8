package dev.kelpfs.cli.completion;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All words that can be completed. */
record Vocabulary(List<Word> globalFlags, List<Entry> commands) {
    /**
     * One flag.
     *
     * @param takesValue false for a switch, which takes one only behind {@code =}
     */
    record Word(String flag, String help, boolean takesValue) {}

    /** One sub-command and its flags. */
    record Entry(String name, String summary, List<Word> flags) {}

    static Vocabulary of(Collection<Flag> globalFlags, List<Command> commands) {
        List<Entry> entries = new ArrayList<>();
        for (Command command : commands) {
            if (command.isBuilt()) entries.add(new Entry(command.name(), command.summary(), words(command.flags().flags())));
        }
        entries.add(new Entry("help", "this list, or the page of one command", List.of()));
        return new Vocabulary(words(globalFlags), List.copyOf(entries));
    }

    private static List<Word> words(Collection<Flag> flags) {
        return flags.stream().map(flag -> new Word("-" + flag.name(), flag.help(), flag.type() != FlagType.SWITCH)).toList();
    }
}
