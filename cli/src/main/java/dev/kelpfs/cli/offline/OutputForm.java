package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.flags.Flag;

/** How a tool tells what it did. */
enum OutputForm {
    TEXT,
    JSON;

    static final Flag FLAG = Flag.text("o", "text", "form of the report: text or json");

    static OutputForm of(Invocation invocation) throws WrongArgumentsException {
        String text = invocation.flags().text(FLAG.name());
        return switch (text) {
            case "text", "" -> TEXT;
            case "json" -> JSON;
            default -> throw new WrongArgumentsException("-o must be text or json, got \"" + text + "\"");
        };
    }
}
