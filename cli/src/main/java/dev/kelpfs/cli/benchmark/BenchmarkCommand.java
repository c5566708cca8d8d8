package dev.kelpfs.cli.benchmark;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.tool.ClusterFlags;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.cli.version.VersionCommand;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** {@code weed benchmark}. Source: command line, section 11. */
public final class BenchmarkCommand implements Command {
    private static final FlagTable FLAGS = FlagTable.of(List.of(
            ClusterFlags.MASTER,
            ClusterFlags.COLLECTION.withDefault("benchmark"),
            ClusterFlags.REPLICATION.withDefault("000"),
            ClusterFlags.DISK,
            Flag.integer("c", 16, "workers at the same time"),
            Flag.integer("n", 1024 * 1024, "files to write in total, and files to read"),
            Flag.integer("size", 1024, "bytes of a file; each has up to 63 more"),
            Flag.text("list", "", "file for the ids written; empty is benchmark_list.txt in the temporary directory"),
            Flag.integer("deletePercent", 0, "share of the files that are deleted a second after they were written"),
            Flag.toggle("readOnly", false, "read only, the files of -list"),
            Flag.toggle("writeOnly", false, "write only"),
            Flag.toggle("readSequentially", false, "read in the order of -list instead of at random"),
            Flag.toggle("fsync", false, "ask for every file to be on the disk before it is acknowledged"),
            OutputForm.FLAG,
            Flag.integer("maxCpu", 0, "processors to use; 0 for all")
                    .later("bound on processors of its own; start it with taskset, which bounds any program"),
            Flag.text("cpuprofile", "", "file for a profile of the processor time").later("profiles"),
            Flag.toggle("debug", false, "print the id of every file")));

    @Override
    public String name() {
        return "benchmark";
    }

    @Override
    public String example() {
        return "-master=localhost:9333 -c=16 -n=100000";
    }

    @Override
    public String summary() {
        return "write and read load test";
    }

    @Override
    public String description() {
        return """
                Writes -n files with -c workers, each with an id of its own, then reads as many of them at random, and reports
                both: rates, bytes, and how long requests took. A write is measured with the request for its id.

                The load runs on this machine and costs processors: start it on another one than the servers to measure them.

                Ends with 0 if no request failed, else with 1.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        ToolRun tool = new ToolRun(invocation, name());
        List<PhaseReport> reports = new ArrayList<>();
        boolean unlisted = invocation.flags().isOn("readOnly") && !Files.exists(BenchmarkPlan.list(invocation));
        if (unlisted && !invocation.flags().isOn("writeOnly")) {
            throw new StartException("there is no list " + BenchmarkPlan.list(invocation)
                    + "; write files first, without -readOnly, or give the -list of an earlier run");
        }
        return tool.run(() -> {
            BenchmarkPlan plan = BenchmarkPlan.of(invocation);
            OutputForm form = OutputForm.of(invocation);
            run(invocation, tool, plan, form, reports);
            if (form == OutputForm.JSON) {
                List<String> phases = reports.stream().map(PhaseReport::json).toList();
                invocation.surroundings().out().println("[" + String.join(",", phases) + "]");
            }
            return reports.stream().allMatch(report -> report.failed() == 0);
        });
    }

    private static void run(
            Invocation invocation, ToolRun tool, BenchmarkPlan plan, OutputForm form, List<PhaseReport> reports)
            throws IOException, WrongArgumentsException {
        if (form == OutputForm.TEXT) {
            invocation.surroundings().out().println(
                    "This is Kelp, " + VersionCommand.line(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        try (KelpClient kelp = KelpClient.connect(ClusterFlags.options(invocation.flags().text("master")).withChunksOf(0))) {
            // Waits until a master answers.
            kelp.settings();
            if (plan.write()) reports.add(new WritePhase(plan, kelp, new PhaseRun(invocation, tool, plan, form)).run());
            if (plan.read()) reports.add(new ReadPhase(plan, kelp, new PhaseRun(invocation, tool, plan, form)).run());
        }
    }
}
