package dev.kelpfs.flags;

import dev.kelpfs.core.config.DurationText;
import java.util.Set;

/** The list of flags in help texts: name and type, then indented what it does and its default. */
public final class FlagUsage {
    private static final Set<String> EMPTY_DEFAULTS = Set.of("", "0", "false", "0s");
    private static final String INDENT = "\n    \t";

    private FlagUsage() {}

    /** All flags of a table, sorted by name. */
    public static String of(FlagTable table) {
        StringBuilder text = new StringBuilder();
        for (Flag flag : table.flags()) append(text, flag);
        return text.toString();
    }

    /** Without the one that names an options file, as {@code help} lists them. */
    public static String withoutOptions(FlagTable table) {
        StringBuilder text = new StringBuilder();
        for (Flag flag : table.flags()) {
            if (!flag.name().equals(FlagTable.OPTIONS)) append(text, flag);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Flag flag) {
        text.append("  -").append(flag.name());
        if (!flag.isSwitch()) text.append(' ').append(flag.type().word());
        boolean fitsOneLine = flag.isSwitch() && flag.name().length() == 1;
        text.append(fitsOneLine ? "\t" : INDENT).append(flag.help().replace("\n", INDENT));
        if (!EMPTY_DEFAULTS.contains(flag.defaultText())) {
            text.append(" (default ").append(shownDefault(flag)).append(')');
        }
        switch (flag.support()) {
            case Support.Works _ -> { }
            case Support.Later _ -> text.append(" [not built yet]");
            case Support.Refused _ -> text.append(" [not built yet, refused]");
        }
        text.append('\n');
    }

    private static String shownDefault(Flag flag) {
        return switch (flag.type()) {
            case TEXT -> QuotedText.of(flag.defaultText());
            case DURATION -> DurationText.of(DurationText.parse(flag.defaultText()));
            case SWITCH, INTEGER, UNSIGNED, DECIMAL -> flag.defaultText();
        };
    }
}
