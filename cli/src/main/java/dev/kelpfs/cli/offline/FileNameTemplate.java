package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.tool.WrongArgumentsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of exported files: text with fields in it, as in <code>{{.Mime}}/{{.Id}}_{{.Name}}{{.Ext}}</code>. The fields are
 * those of the reference; its templates can do more, which is refused. Pure.
 */
final class FileNameTemplate {
    static final String DEFAULT = "{{.Id}}_{{.Name}}{{.Ext}}";

    private static final Pattern FIELD = Pattern.compile("\\{\\{-?\\s*\\.([A-Za-z]+)\\s*-?}}");
    private static final Pattern LEFT_OVER = Pattern.compile("\\{\\{|}}");

    private enum Field { ID, NAME, MIME, KEY, EXT }

    /** Text, or a field. */
    private sealed interface Part {
        record Text(String text) implements Part {}

        record Value(Field field) implements Part {}
    }

    /**
     * What a name is made of.
     *
     * @param id the key as a decimal number
     * @param key the file id, as in {@code 3,01637037d6}
     * @param extension with its dot; empty if the name has one, or nobody knows any
     */
    record Values(String id, String name, String mime, String key, String extension) {}

    private final List<Part> parts;

    private FileNameTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    static FileNameTemplate parse(String text) throws WrongArgumentsException {
        List<Part> parts = new ArrayList<>();
        Matcher fields = FIELD.matcher(text);
        int at = 0;
        while (fields.find()) {
            addText(parts, text.substring(at, fields.start()));
            parts.add(new Part.Value(field(fields.group(1))));
            at = fields.end();
        }
        addText(parts, text.substring(at));
        if (parts.isEmpty()) throw new WrongArgumentsException("-fileNameFormat must not be empty");
        return new FileNameTemplate(parts);
    }

    private static void addText(List<Part> parts, String text) throws WrongArgumentsException {
        if (LEFT_OVER.matcher(text).find()) {
            throw new WrongArgumentsException("-fileNameFormat knows {{.Id}}, {{.Name}}, {{.Ext}}, {{.Mime}} and {{.Key}}, "
                    + "got \"" + text + "\"");
        }
        if (!text.isEmpty()) parts.add(new Part.Text(text));
    }

    private static Field field(String name) throws WrongArgumentsException {
        for (Field field : Field.values()) {
            String known = field.name().charAt(0) + field.name().substring(1).toLowerCase(Locale.ROOT);
            if (known.equals(name)) return field;
        }
        throw new WrongArgumentsException("-fileNameFormat knows Id, Name, Ext, Mime and Key, got {{." + name + "}}");
    }

    /** True if two different files get different names in any case. */
    boolean isUnique() {
        return parts.contains(new Part.Value(Field.ID)) || parts.contains(new Part.Value(Field.KEY));
    }

    String name(Values values) {
        StringBuilder name = new StringBuilder();
        for (Part part : parts) {
            name.append(switch (part) {
                case Part.Text(var text) -> text;
                case Part.Value(var field) -> switch (field) {
                    case ID -> values.id();
                    case NAME -> values.name();
                    case MIME -> values.mime();
                    case KEY -> values.key();
                    case EXT -> values.extension();
                };
            });
        }
        return name.toString();
    }
}
