package dev.kelpfs.cli.server;

import dev.kelpfs.core.config.Configuration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Who may write: the flag's addresses and the configuration's together. Source: command line, section 16.2. */
final class WhiteList {
    private WhiteList() {}

    static List<String> of(String flag, Configuration configuration) {
        return Stream.concat(Arrays.stream(flag.split(",")), configuration.texts("guard.white_list").stream())
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .distinct()
                .toList();
    }
}
