package dev.kelpfs.flags;

import dev.kelpfs.flags.FlagValues.Origin;
import dev.kelpfs.flags.FlagValues.Value;
import java.util.List;
import java.util.Map;

/** One pass over arguments, from the left up to the first that is no flag. Not thread-safe. */
final class FlagScan {
    /** Why a pass ended. */
    enum End {
        POSITIONALS,
        HELP
    }

    private final FlagTable table;
    private final List<String> arguments;
    private int next;

    FlagScan(FlagTable table, List<String> arguments) {
        this.table = table;
        this.arguments = List.copyOf(arguments);
    }

    /** Puts what it finds into {@code values}; a flag that comes twice keeps its last value. */
    End run(Map<String, Value> values) throws WrongFlagException {
        while (next < arguments.size()) {
            String argument = arguments.get(next);
            if (argument.length() < 2 || argument.charAt(0) != '-') return End.POSITIONALS;
            next++;
            if (argument.equals("--")) return End.POSITIONALS;
            String body = argument.substring(argument.startsWith("--") ? 2 : 1);
            if (body.isEmpty() || body.startsWith("-") || body.startsWith("=")) throw WrongFlagException.badSyntax(argument);
            int equals = body.indexOf('=');
            String name = equals < 0 ? body : body.substring(0, equals);
            Flag flag = table.find(name).orElse(null);
            if (flag == null) {
                if (name.equals("h") || name.equals("help")) return End.HELP;
                throw WrongFlagException.unknown(name, table.nearest(name));
            }
            String text = equals >= 0 ? body.substring(equals + 1) : valueBehind(flag);
            try {
                flag.type().check(text);
            } catch (BadValueException bad) {
                throw WrongFlagException.badValue(flag, text, bad);
            }
            values.put(name, new Value(text, Origin.COMMAND_LINE));
        }
        return End.POSITIONALS;
    }

    List<String> positionals() {
        return arguments.subList(next, arguments.size());
    }

    private String valueBehind(Flag flag) throws WrongFlagException {
        if (flag.isSwitch()) return "true";
        if (next == arguments.size()) throw WrongFlagException.noValue(flag);
        return arguments.get(next++);
    }
}
