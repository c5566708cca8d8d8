package dev.kelpfs.cli;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import java.util.List;

/** The flags in front of the sub-command. Source: command line, section 2. */
final class GlobalFlags {
    static final FlagTable TABLE = FlagTable.global(List.of(
            Flag.integer("v", 0, "verbosity of log lines, 0 to 4"),
            Flag.text("vmodule", "", "verbosity per source file, as in Topology=2,Volume*=4"),
            Flag.toggle("logtostderr", false, "log to stderr only, write no files"),
            Flag.toggle("alsologtostderr", true, "log to stderr as well as to files"),
            Flag.text("stderrthreshold", "ERROR", "lines of this severity and above go to stderr in any case"),
            Flag.text("logdir", "", "directory of log files; empty writes none"),
            Flag.text("log_backtrace_at", "", "file:line at which a line brings a stack dump")
                    .later("stack dumps at a chosen line; -v=1 adds stacks to all errors"),
            Flag.unsigned("log_max_size_mb", 1800, "a log file of this size is followed by a new one"),
            Flag.integer("log_max_files", 5, "log files kept per severity"),
            Flag.integer("log_rotate_hours", 168, "a log file of this age is followed by a new one"),
            Flag.toggle("log_json", false, "one JSON object a line"),
            Flag.toggle("log_compress", false, "gzip log files that are followed by a new one")
                    .later("compressing old log files; they stay as they are"),
            Flag.text("config_dir", "", "directory in which the .toml files are looked for first")));

    private GlobalFlags() {}
}
