package dev.kelpfs.testkit.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to run and where. Immutable; each {@code with} method gives a changed copy.
 *
 * @param name what messages call the process: "volume-2"
 * @param command program and arguments
 * @param environment variables on top of those of this process
 * @param directory working directory
 * @param log file that takes standard output and standard error; appended to, so that it survives restarts
 */
public record ProcessPlan(String name, List<String> command, Map<String, String> environment, Path directory, Path log) {
    public ProcessPlan {
        if (command.isEmpty()) throw new IllegalArgumentException(name + " has an empty command");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A plan that logs to {@code <directory>/<name>.log}. */
    public static ProcessPlan of(String name, Path directory, List<String> command) {
        return new ProcessPlan(name, command, Map.of(), directory, directory.resolve(name + ".log"));
    }

    /** With arguments after those of now. */
    public ProcessPlan withArguments(String... more) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(more));
        return new ProcessPlan(name, longer, environment, directory, log);
    }

    /** With one more variable, or another value for it. */
    public ProcessPlan withEnvironment(String variable, String value) {
        Map<String, String> larger = new HashMap<>(environment);
        larger.put(variable, value);
        return new ProcessPlan(name, command, larger, directory, log);
    }
}
