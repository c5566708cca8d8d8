package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code weed server}: a master and a volume server in one process. Source: command line, section 9.1. */
public final class ServerCommand implements Command {
    static final String MASTER = "master.";
    static final String VOLUME = "volume.";

    private static final FlagTable FLAGS = FlagTable.of(flagList());

    @Override
    public String name() {
        return "server";
    }

    @Override
    public String example() {
        return "-dir=/data -ip=localhost";
    }

    @Override
    public String summary() {
        return "a master and a volume server in one process";
    }

    @Override
    public String description() {
        return """
                Starts a master and a volume server in one process; -master=false or -volume=false leave one out. Then
                  curl http://localhost:9333/dir/assign
                gives a file id and the address to store the file at. -master.ip is the master's own name in the cluster; when
                -ip is not given, the whole process goes by it.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void warmUp(Surroundings surroundings) {
        ServingProcess.warmUp(surroundings);
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        Set<String> components = new TreeSet<>();
        if (invocation.flags().isOn("master")) components.add("master");
        if (invocation.flags().isOn("volume")) components.add("volume");
        if (components.isEmpty()) {
            throw new StartException("-master=false and -volume=false leave nothing to start; leave one of them on");
        }
        Configuration configuration = StartNotices.log(invocation, List.of("security", "master", "volume"), components);
        try (ServingProcess process = new ServingProcess(invocation.surroundings(), name())) {
            ServerSettings settings = new ServerSettings(invocation, configuration);
            // Both records before any server: a wrong flag of the second must not leave a trace of the first.
            var master = settings.master();
            var volume = settings.volume();
            if (master.isPresent()) process.startMaster(master.get());
            if (volume.isPresent()) process.startVolume(volume.get());
            return process.awaitStop();
        }
    }

    private static List<Flag> flagList() {
        List<Flag> flags = new ArrayList<>(ProcessFlags.ALL);
        flags.add(Flag.toggle("master", true, "start the master"));
        flags.add(Flag.toggle("volume", true, "start the volume server"));
        flags.add(Flag.text("dir", "", "data directories, as in /a,/b; empty is the system's temporary directory"));
        flags.add(Flag.text("master.dir", "", "directory of the master's state; empty is the first of -dir"));
        flags.add(Flag.text("master.ip", "",
                "the master's own name or address, looked for in -master.peers; without -ip the whole process goes by it"));
        flags.add(Flag.text("dataCenter", "", "data center of the volume server"));
        flags.add(Flag.text("rack", "", "rack of the volume server"));
        flags.add(Flag.integer("idleTimeout", 30, "seconds after which an idle connection is closed"));
        flags.add(Flag.toggle("disableHttp", false, "the master answers gRPC only; status and health stay on HTTP"));
        MasterFlags.SHARED.forEach(flag -> flags.add(flag.named(MASTER + flag.name())));
        VolumeFlags.SHARED.forEach(flag -> flags.add(flag.named(VOLUME + flag.name())));
        flags.add(VolumeFlags.UNTRUSTED_ENDPOINTS);
        flags.addAll(GatewayFlags.ALL);
        return flags;
    }
}
