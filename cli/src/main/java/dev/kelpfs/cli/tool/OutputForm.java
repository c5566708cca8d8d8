package dev.kelpfs.cli.tool;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.flags.Flag;

/** How a tool tells what it did. */
public enum OutputForm {
    TEXT,
    JSON;

    public static final Flag FLAG = Flag.text("o", "text", "form of the report: text or json");

    public static OutputForm of(Invocation invocation) throws WrongArgumentsException {
        String text = invocation.flags().text(FLAG.name());
        return switch (text) {
            case "text", "" -> TEXT;
            case "json" -> JSON;
            default -> throw new WrongArgumentsException("-o must be text or json, got \"" + text + "\"");
        };
    }
}
