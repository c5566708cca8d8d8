package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that cannot have its directory or port says so in one line, ends with 255 and harms nothing. */
@ExtendWith(TestDirectories.class)
class BadDirectoriesTest {
    private static final int FATAL = 255;
    private static final Duration LIMIT = Duration.ofSeconds(50);
    private static final Pattern FATAL_LINE = Pattern.compile("^F\\d{4} ");

    @Test
    void aFileInTheWay(TestDirectory directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "keep me");
        for (String command : List.of("server", "volume", "master")) {
            refuses(directory, command, file.resolve("data").toString(), "file");
        }
        refuses(directory, "server", file.toString(), "file");
        assertThat(file).hasContent("keep me");
    }

    @Test
    void aDirectoryThatEvenRootCannotMake(TestDirectory directory) throws Exception {
        refuses(directory, "server", "/proc/kelp-cannot-be-here", "/proc/kelp-cannot-be-here");
    }

    @Test
    void aDirectoryThatEvenRootCannotWrite(TestDirectory directory) throws Exception {
        refuses(directory, "volume", "/proc/sys", "/proc/sys");
    }

    @Test
    void aDirectoryWithoutTheRightToWrite(TestDirectory directory) throws Exception {
        Path readOnly = Files.createDirectory(directory.resolve("read-only"));
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(readOnly)).as("this user (root?) may write anywhere").isFalse();
        refuses(directory, "server", readOnly.toString(), "read-only");
    }

    @Test
    void aDirectoryInUseByAnotherServer(TestDirectory directory) throws Exception {
        try (HttpFiles http = new HttpFiles(); WeedServer first = new WeedServer(directory, http).start()) {
            HttpFiles.Place place = http.assign(first.master());
            byte[] content = new Seed(5).bytes(2000);
            assertThat(http.post(place.url() + "/" + place.id(), "application/octet-stream", content).status()).isEqualTo(201);
            String log = refuses(directory, "volume", first.data().toString(), first.data().toString());
            assertThat(log).as("who holds it").contains(Long.toString(first.process().pid()));
            assertThat(http.get(place.url() + "/" + place.id()).body()).isEqualTo(content);
            assertThat(http.assign(first.master()).id()).isNotEqualTo(place.id());
        }
    }

    @Test
    void aPortInUse(TestDirectory directory) throws Exception {
        try (PortPair ports = PortPair.reserve(); ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), ports.http()));
            List<String> arguments = List.of(
                    "master", "-ip=127.0.0.1", "-port=" + ports.http(), "-mdir=" + directory.resolve("m"));
            assertThat(fatal(directory, arguments)).contains(Integer.toString(ports.http()));
        }
    }

    private static String refuses(TestDirectory directory, String command, String path, String named) throws Exception {
        try (PortPair first = PortPair.reserve(); PortPair second = PortPair.reserve()) {
            List<String> arguments = switch (command) {
                case "master" -> List.of("master", "-ip=127.0.0.1", "-port=" + first.http(), "-mdir=" + path);
                case "volume" -> List.of("volume", "-ip=127.0.0.1", "-port=" + first.http(), "-dir=" + path,
                        "-mserver=127.0.0.1:" + second.http());
                default -> List.of("server", "-ip=127.0.0.1", "-dir=" + path, "-master.port=" + first.http(),
                        "-volume.port=" + second.http());
            };
            String log = fatal(directory, arguments);
            assertThat(log).as("the message of %s names the place", command).contains(named);
            return log;
        }
    }

    private static String fatal(TestDirectory directory, List<String> arguments) throws InterruptedException, IOException {
        try (ManagedProcess process = ManagedProcess.start(WeedLauncher.plan("refused", directory.path(), arguments))) {
            assertThat(process.awaitExit(LIMIT)).as("exit code of %s\n%s", arguments, process.log().tail()).isEqualTo(FATAL);
            assertThat(process.log().find(FATAL_LINE)).as("a fatal line in\n%s", process.log().tail()).isPresent();
            assertThat(process.log().find(Pattern.compile("^\\s+at [a-z.]+"))).as("no stack dump").isEmpty();
            return process.log().tail();
        }
    }
}
