package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationException;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.master.MasterListeners;
import dev.kelpfs.master.MirrorConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** {@code weed master.follower}. Source: command line, section 7.2. */
public final class MasterFollowerCommand implements Command {
    private static final FlagTable FLAGS = FlagTable.of(List.of(
            Flag.integer("port", 9334, "HTTP port"),
            Flag.integer("port.grpc", 0, "gRPC port; 0 is the HTTP port plus 10000"),
            Flag.text("ip.bind", "", "name or address to listen on; empty is the detected address of this machine, and localhost"),
            Flag.text("master", "localhost:9333", "masters to follow, comma separated; one is enough, all are better"),
            Flag.text("masters", "", "older name of -master")));

    @Override
    public String name() {
        return "master.follower";
    }

    @Override
    public String example() {
        return "-port=9334 -master=a:9333,b:9333,c:9333";
    }

    @Override
    public String summary() {
        return "answer lookups beside the masters, to take load off them";
    }

    @Override
    public String description() {
        return """
                A follower is told by the leading master where all volumes are, and answers /dir/lookup, /<file id> and the gRPC
                call LookupVolume from that. What it does not know it asks the masters; without any master it goes on with what
                it knows. It has no state and no vote, and is no member of the masters: start and stop as many as you like, in
                any order. Whatever else is asked of a master is refused with the address of the one that leads.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        Configuration configuration = StartNotices.log(invocation, List.of("security", "master"), Set.of("master"));
        try (ServingProcess process = new ServingProcess(invocation.surroundings(), name())) {
            process.startFollower(config(invocation, configuration));
            return process.awaitStop();
        }
    }

    static MirrorConfig config(Invocation invocation, Configuration configuration) throws StartException {
        ScopedFlags flags = new ScopedFlags(invocation.flags(), "");
        int port = flags.port("port");
        String ip = invocation.surroundings().detectedHost().get();
        String bind = flags.text("ip.bind").isEmpty() ? ip : flags.text("ip.bind");
        try {
            return new MirrorConfig(
                    new MasterListeners(bind, port, flags.grpcPort(port), bind, OptionalInt.empty(), true),
                    ip, masters(flags), MasterSettings.security("", configuration));
        } catch (IllegalArgumentException | ConfigurationException wrong) {
            throw new StartException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static List<ServerAddress> masters(ScopedFlags flags) throws StartException {
        String older = flags.text("masters");
        String flag = older.isEmpty() || flags.isGiven("master") ? "master" : "masters";
        try {
            List<ServerAddress> masters = ServerAddress.parseList(flags.text(flag));
            if (masters.isEmpty()) throw new StartException("-" + flag + " is empty, expected host:port of at least one master");
            return masters;
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-" + flag + ": " + wrong.getMessage(), wrong);
        }
    }
}
