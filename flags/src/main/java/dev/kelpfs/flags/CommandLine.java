package dev.kelpfs.flags;

import dev.kelpfs.core.config.FileText;
import dev.kelpfs.flags.FlagValues.Origin;
import dev.kelpfs.flags.FlagValues.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the value of every flag of a table: on the command line, else in the environment, else in the options file, else
 * the default. Made once per command line.
 *
 * <p>Source: command line, sections 1 and 3.
 */
public final class CommandLine {
    private final FlagTable table;
    private final Map<String, String> environment;
    private final FileText files;

    public CommandLine(FlagTable table, Map<String, String> environment, FileText files) {
        this.table = table;
        this.environment = environment;
        this.files = files;
    }

    /** Reads a sub-command's arguments. */
    public Parsing read(List<String> arguments) {
        return read(arguments, Optional.empty());
    }

    /**
     * Reads arguments in which the options file may also be named further behind: global flags and those of a
     * sub-command may stand in one file.
     *
     * @param optionsFileBehind the file named there; used when these arguments and the environment name none
     */
    public Parsing read(List<String> arguments, Optional<String> optionsFileBehind) {
        try {
            Map<String, Value> values = new HashMap<>();
            FlagScan scan = new FlagScan(table, arguments);
            if (scan.run(values) == FlagScan.End.HELP) return new Parsing.HelpAsked();
            addEnvironment(values);
            optionsFileBehind.ifPresent(file -> values.putIfAbsent(FlagTable.OPTIONS, new Value(file, Origin.COMMAND_LINE)));
            addOptionsFile(values);
            return new Parsing.Parsed(new FlagValues(table, values), scan.positionals());
        } catch (WrongFlagException wrong) {
            return new Parsing.Refused(wrong.lines());
        }
    }

    /** The value of {@code -options} anywhere among arguments, for {@link #read(List, Optional)}. */
    public static Optional<String> optionsFileIn(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String plain = argument.startsWith("--") ? argument.substring(1) : argument;
            if (plain.startsWith("-" + FlagTable.OPTIONS + "=")) {
                return Optional.of(plain.substring(FlagTable.OPTIONS.length() + 2));
            }
            if (plain.equals("-" + FlagTable.OPTIONS) && i + 1 < arguments.size()) return Optional.of(arguments.get(i + 1));
        }
        return Optional.empty();
    }

    private void addEnvironment(Map<String, Value> values) throws WrongFlagException {
        for (Flag flag : table.flags()) {
            String text = environment.get(table.variable(flag));
            if (text == null || values.containsKey(flag.name())) continue;
            try {
                flag.type().check(text);
            } catch (BadValueException bad) {
                throw WrongFlagException.badVariable(flag, text, bad, table.variable(flag));
            }
            values.put(flag.name(), new Value(text, Origin.ENVIRONMENT));
        }
    }

    private void addOptionsFile(Map<String, Value> values) throws WrongFlagException {
        Value named = values.get(FlagTable.OPTIONS);
        if (named == null || named.text().isEmpty()) return;
        Map<String, Value> fromFile = new HashMap<>();
        for (OptionsFile.Line line : OptionsFile.parse(readOptions(named.text()))) {
            Optional<Flag> found = table.find(line.key());
            if (found.isEmpty() || values.containsKey(line.key())) continue;
            Flag flag = found.get();
            String text = line.value().orElse(flag.isSwitch() ? "true" : "");
            try {
                flag.type().check(text);
            } catch (BadValueException bad) {
                throw WrongFlagException.badOption(flag, text, bad);
            }
            fromFile.put(flag.name(), new Value(text, Origin.OPTIONS_FILE));
        }
        fromFile.forEach(values::putIfAbsent);
    }

    private String readOptions(String file) throws WrongFlagException {
        try {
            return files.read(Path.of(file)).orElseThrow(() -> WrongFlagException.noOptionsFile(file, "there is no such file"));
        } catch (IOException unreadable) {
            throw WrongFlagException.noOptionsFile(file, String.valueOf(unreadable.getMessage()));
        }
    }
}
