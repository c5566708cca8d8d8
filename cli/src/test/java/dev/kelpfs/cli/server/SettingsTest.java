package dev.kelpfs.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.FlagNotices;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.CommandLine;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.flags.Parsing;
import dev.kelpfs.master.Maintenance;
import dev.kelpfs.master.MasterConfig;
import dev.kelpfs.master.MasterListeners;
import dev.kelpfs.master.MasterSecurity;
import dev.kelpfs.master.MirrorConfig;
import dev.kelpfs.volume.DataDirectory;
import dev.kelpfs.volume.DataDirectory.MinFree;
import dev.kelpfs.volume.VolumeServerConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final FakeWorld world = new FakeWorld();

    private Invocation invocation(Command command, String... arguments) {
        Parsing read = new CommandLine(command.flags(), Map.of(), world.surroundings().files()).read(List.of(arguments));
        assertThat(read).isInstanceOf(Parsing.Parsed.class);
        FlagValues global = FlagValues.defaults(FlagTable.global(List.of()));
        return new Invocation(global, ((Parsing.Parsed) read).values(), List.of(), world.surroundings());
    }

    private MasterConfig master(String... arguments) throws StartException {
        return MasterCommand.config(invocation(new MasterCommand(), arguments), Configuration.of(world.environment));
    }

    private VolumeServerConfig volume(String... arguments) throws StartException {
        return VolumeCommand.config(invocation(new VolumeCommand(), arguments), Configuration.of(world.environment));
    }

    private ServerSettings server(String... arguments) throws StartException {
        return new ServerSettings(invocation(new ServerCommand(), arguments), Configuration.of(world.environment));
    }

    @Test
    void masterDefaultsAreThoseOfItsRecord() throws StartException {
        assertThat(master()).isEqualTo(MasterConfig.defaults("10.0.0.7", Path.of("/tmp")));
    }

    @Test
    void aMasterFollowerListensOnItsOwnPortsAndFollowsWhoIsNamed() throws StartException {
        assertThat(follower()).isEqualTo(new MirrorConfig(
                new MasterListeners("10.0.0.7", 9334, 19334, "10.0.0.7", OptionalInt.empty(), true), "10.0.0.7",
                List.of(ServerAddress.of("localhost", 9333)), MasterSecurity.OPEN));
        List<ServerAddress> two = List.of(ServerAddress.of("a", 1), ServerAddress.of("b", 2));
        assertThat(follower("-masters=a:1,b:2").masters()).as("the older name").isEqualTo(two);
        assertThat(follower("-masters=c:3", "-master=a:1,b:2", "-ip.bind=127.0.0.1").masters()).isEqualTo(two);
        assertThat(follower("-ip.bind=127.0.0.1").listeners().bindHost()).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> follower("-master=,")).isInstanceOf(StartException.class).hasMessageContaining("at least one master");
        world.environment.put("WEED_JWT_SIGNING_KEY", "secret");
        world.environment.put("WEED_GUARD_WHITE_LIST", "10.0.0.0/8");
        assertThat(follower().security().writeKey()).isEqualTo("secret");
        assertThat(follower().security().whiteList()).containsExactly("10.0.0.0/8");
    }

    private MirrorConfig follower(String... arguments) throws StartException {
        return MasterFollowerCommand.config(invocation(new MasterFollowerCommand(), arguments), Configuration.of(world.environment));
    }

    @Test
    void volumeDefaultsAreThoseOfItsRecord() throws StartException {
        assertThat(volume())
                .isEqualTo(VolumeServerConfig.defaults("10.0.0.7", List.of(DataDirectory.of(Path.of("/tmp")))));
    }

    @Test
    void theDocumentedFailoverLineNamesTheWholeProcessByTheMastersAddress() throws StartException {
        ServerSettings settings = server("-master.ip=localhost", "-master.port=9444", "-dir=/1", "-volume.port=8081",
                "-master.peers=localhost:9444");
        MasterConfig master = settings.master().orElseThrow();
        VolumeServerConfig volume = settings.volume().orElseThrow();
        assertThat(master.ip()).isEqualTo("localhost");
        assertThat(master.listeners().bindHost()).isEqualTo("localhost");
        assertThat(master.listeners().grpcPort()).isEqualTo(19444);
        assertThat(master.directory()).isEqualTo(Path.of("/1"));
        assertThat(volume.identity().ip()).isEqualTo("localhost");
        assertThat(volume.listeners().adminPort()).isEqualTo(8081);
        assertThat(volume.masters()).containsExactly(ServerAddress.of("localhost", 9444));
        assertThat(world.disk.isDirectory(Path.of("/1"))).as("created").isTrue();
    }

    @Test
    void withBothAddressesEachGoesByItsOwn() throws StartException {
        ServerSettings settings = server("-master.ip=m1", "-ip=v1", "-dir=/1");
        assertThat(settings.master().orElseThrow().ip()).isEqualTo("m1");
        assertThat(settings.master().orElseThrow().listeners().bindHost()).isEqualTo("m1");
        assertThat(settings.volume().orElseThrow().identity().ip()).isEqualTo("v1");
        assertThat(settings.volume().orElseThrow().masters()).containsExactly(ServerAddress.of("m1", 9333));
        assertThat(server("-ip=v1", "-dir=/1").master().orElseThrow().ip()).isEqualTo("v1");
        assertThat(server("-dir=/1").master().orElseThrow().ip()).isEqualTo("10.0.0.7");
        assertThat(server("-ip=v1", "-ip.bind=0.0.0.0").master().orElseThrow().listeners().bindHost()).isEqualTo("0.0.0.0");
    }

    @Test
    void foundingByAMajorityIsAWordOfTheCommandLine() throws StartException {
        assertThat(master("-peers=10.0.0.7:9333,b:9333,c:9333").peers().bootstrap()).isFalse();
        assertThat(master("-peers=10.0.0.7:9333,b:9333,c:9333", "-raftBootstrap").peers().bootstrap()).isTrue();
        assertThat(server("-dir=/1", "-master.peers=a:1,b:2,c:3").master().orElseThrow().peers().bootstrap()).isFalse();
        assertThat(server("-dir=/1", "-master.peers=a:1,b:2,c:3", "-master.raftBootstrap").master().orElseThrow().peers().bootstrap())
                .isTrue();
    }

    @Test
    void partsCanBeLeftOut() throws StartException {
        assertThat(server("-master=false", "-master.peers=a:1", "-dir=/1").master()).isEmpty();
        assertThat(server("-master=false", "-master.peers=a:1,b:2", "-dir=/1").volume().orElseThrow().masters()).hasSize(2);
        assertThat(server("-volume=false", "-dir=/1").volume()).isEmpty();
        assertThatThrownBy(() -> server("-master=false", "-master.peers=none", "-dir=/1").master())
                .isInstanceOf(StartException.class);
        assertThatThrownBy(() -> new ServerCommand().run(invocation(new ServerCommand(), "-master=false", "-volume=false")))
                .hasMessageContaining("nothing to start");
    }

    @Test
    void thePauseBeforeTheEndIsMadeOnlyWhereSomebodyCouldLearnFromIt() throws StartException {
        assertThat(server("-dir=/1").volume().orElseThrow().preStop()).isZero();
        assertThat(server("-dir=/1", "-volume.preStopSeconds=3").volume().orElseThrow().preStop())
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(server("-dir=/1", "-master=false", "-master.peers=a:1").volume().orElseThrow().preStop())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void oneMetricsPortServesTheWholeProcess() throws StartException {
        ServerSettings both = server("-dir=/1", "-metricsPort=9324");
        assertThat(both.master().orElseThrow().listeners().metricsPort()).isEqualTo(OptionalInt.of(9324));
        assertThat(both.volume().orElseThrow().listeners().metricsPort()).isEmpty();
        ServerSettings alone = server("-dir=/1", "-metricsPort=9324", "-master=false", "-master.peers=a:1");
        assertThat(alone.volume().orElseThrow().listeners().metricsPort()).isEqualTo(OptionalInt.of(9324));
    }

    @Test
    void everyDirectoryHasItsOwnSettingsOrSharesOne() throws StartException {
        List<DataDirectory> directories = volume("-dir=/a,/b,~/c", "-max=1,2,0", "-disk=ssd", "-minFreeSpace=5,10GiB,1.5TB",
                "-tags=fast:new,,old").directories();
        assertThat(directories).containsExactly(
                new DataDirectory(Path.of("/a"), new DiskType("ssd"), 1, new MinFree(5, 0), List.of("fast", "new")),
                new DataDirectory(Path.of("/b"), new DiskType("ssd"), 2, new MinFree(0, 10L << 30), List.of()),
                new DataDirectory(Path.of("/home/kim/c"), new DiskType("ssd"), 0, new MinFree(0, 1_500_000_000_000L),
                        List.of("old")));
    }

    @Test
    void aHomeOfAnotherUserIsLookedUp() throws StartException {
        world.textFiles.put("/etc/passwd", "root:x:0:0::/root:/bin/sh\nlee:x:7:7::/home/lee:/bin/sh\n");
        assertThat(volume("-dir=~lee/v").directories().getFirst().path()).isEqualTo(Path.of("/home/lee/v"));
        assertThatThrownBy(() -> volume("-dir=~max/v")).hasMessageContaining("there is no such user");
    }

    @Test
    void refusesWhatCannotWorkAndNamesTheFlag() {
        for (String[] line : List.of(
                new String[] {"-max=1,2", "-dir=/a,/b,/c", "-max"},
                new String[] {"-max=x", "-dir=/a", "-max"},
                new String[] {"-max=-1", "-dir=/a", "-max"},
                new String[] {"-minFreeSpace=lots", "-dir=/a", "-minFreeSpace"},
                new String[] {"-readMode=prxy", "-dir=/a", "readMode"},
                new String[] {"-index=tape", "-dir=/a", "-index"},
                new String[] {"-port=0", "-dir=/a", "-port"},
                new String[] {"-port=60000", "-dir=/a", "-port"},
                new String[] {"-fileSizeLimitMB=4096", "-dir=/a", "file size limit"},
                new String[] {"-master=nonsense", "-dir=/a", "-master"})) {
            assertThatThrownBy(() -> volume(line[0], line[1])).as(line[0]).isInstanceOf(StartException.class)
                    .hasMessageContaining(line[2]);
        }
        for (String[] line : List.of(
                new String[] {"-defaultReplication=0011", "-defaultReplication"},
                new String[] {"-volumeSizeLimitMB=40000", "-volumeSizeLimitMB"},
                new String[] {"-garbageThreshold=3", "garbageThreshold"},
                new String[] {"-peers=10.0.0.7:9333,other:nine", "-peers"},
                new String[] {"-electionTimeout=1ms", "-electionTimeout"})) {
            assertThatThrownBy(() -> master(line[0])).as(line[0]).isInstanceOf(StartException.class)
                    .hasMessageContaining(line[1]);
        }
    }

    @Test
    void theOlderNameOfTheMasterFlagWorks() throws StartException {
        assertThat(volume("-dir=/a", "-mserver=a:1,b:2").masters())
                .containsExactly(ServerAddress.of("a", 1), ServerAddress.of("b", 2));
    }

    @Test
    void keysAndWhiteListsComeFromTheConfiguration() throws StartException {
        world.environment.put("WEED_JWT_SIGNING_KEY", "secret");
        world.environment.put("WEED_GUARD_WHITE_LIST", "10.0.0.0/8, 127.0.0.1");
        world.environment.put("WEED_MASTER_VOLUME_GROWTH_COPY_1", "2");
        assertThat(master("-whiteList=::1").security().writeKey()).isEqualTo("secret");
        assertThat(master("-whiteList=::1").security().whiteList()).containsExactly("::1", "10.0.0.0/8", "127.0.0.1");
        assertThat(master().growth().copy1()).isEqualTo(2);
        assertThat(volume().security().writeKey()).isEqualTo("secret");
        world.environment.put("WEED_MASTER_VOLUME_GROWTH_COPY_1", "many");
        assertThatThrownBy(this::master).hasMessageContaining("WEED_MASTER_VOLUME_GROWTH_COPY_1");
    }

    @Test
    void flagsWithoutEffectAreToldOnlyWhenSomebodyChangedThem() throws StartException {
        assertThat(FlagNotices.of(invocation(new ServerCommand(), "-dir=/1", "-master.resumeState=1").flags())).isEmpty();
        assertThat(FlagNotices.of(invocation(new ServerCommand(), "-s3", "-master.garbageThreshold=0.5").flags()))
                .as("the threshold has one").singleElement().asString().startsWith("-s3 has no effect yet");
        assertThat(master("-garbageThreshold=0.5", "-maxParallelVacuumPerServer=3").maintenance())
                .isEqualTo(new Maintenance(0.5, 3, "", 17));
    }

    @Test
    void aSettingThatProtectsAndIsNotBuiltStopsTheStart() {
        Configuration configuration = Configuration.of(Map.of("WEED_GRPC_VOLUME_CERT", "/etc/cert.pem"));
        assertThatThrownBy(() -> StartNotices.ofConfiguration(configuration, Set.of("volume")))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("grpc.volume.cert", "WEED_GRPC_VOLUME_CERT");
    }

    @Test
    void detectsTheFirstAddressThatOthersCanReach() throws UnknownHostException {
        InetAddress loop = InetAddress.getByName("127.0.0.1");
        InetAddress local = InetAddress.getByName("fe80::1");
        InetAddress six = InetAddress.getByName("2001:db8::7");
        InetAddress four = InetAddress.getByName("192.0.2.7");
        assertThat(DetectedHost.of(List.of(loop, local, six, four))).isEqualTo("192.0.2.7");
        assertThat(DetectedHost.of(List.of(loop, local, six))).isEqualTo("2001:db8:0:0:0:0:0:7");
        assertThat(DetectedHost.of(List.of(loop, local))).isEqualTo("localhost");
    }
}
