package dev.kelpfs.cli.scaffold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationLoader;
import dev.kelpfs.core.config.ConfigurationPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaffoldTest {
    private final FakeWorld world = new FakeWorld();

    private static Configuration load(String name, String text) {
        ConfigurationPlace place = ConfigurationPlace.of("/c", Optional.empty());
        return new ConfigurationLoader(
                place, file -> file.equals(Path.of("/c/" + name + ".toml")) ? Optional.of(text) : Optional.empty(), Map.of())
                .load(List.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "filer", "notification", "replication", "security", "master", "volume", "shell", "credential", "admin"})
    void everySampleIsReadWithoutAWord(String name) {
        assertThat(world.run("scaffold", "-config=" + name)).isEqualTo(ExitCode.OK);
        assertThat(world.out()).startsWith("# " + name + ".toml: ");
        assertThat(load(name, world.out()).warnings()).isEmpty();
        String uncommented = world.out().replaceAll("(?m)^#(?=\\[|[a-zA-Z_.]+ = )", "");
        if (!uncommented.contains("\"\"\"")) {
            assertThat(load(name, uncommented).warnings()).as("with what is commented out").isEmpty();
        }
    }

    @Test
    void theDefaultsAreThoseOfTheServers() throws Exception {
        Configuration master = load("master", ScaffoldCommand.sample("master"));
        assertThat(master.integer("master.volume_growth.copy_1", 0)).isEqualTo(7);
        assertThat(master.number("master.volume_growth.threshold", 0)).isEqualTo(0.9);
        Configuration filer = load("filer", ScaffoldCommand.sample("filer"));
        assertThat(filer.flag("leveldb2.enabled", false)).isTrue();
        assertThat(filer.flag("mysql.enabled", true)).isFalse();
    }

    @Test
    void aFileIsWrittenButNeverReplaced(@TempDir Path directory) throws Exception {
        Path place = directory.resolve("etc/kelp");
        assertThat(world.run("scaffold", "-config=security", "-output=" + place)).isEqualTo(ExitCode.OK);
        assertThat(place.resolve("security.toml")).content().isEqualTo(ScaffoldCommand.sample("security"));
        assertThat(world.err()).as("it says where").contains("wrote " + place.resolve("security.toml"));
        Files.writeString(place.resolve("security.toml"), "mine");
        assertThat(world.run("scaffold", "-config=security", "-output=" + place)).isEqualTo(ExitCode.FAILED);
        assertThat(place.resolve("security.toml")).content().isEqualTo("mine");
        assertThat(world.err()).contains("is there already");
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailureWithTheReason(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThat(world.run("scaffold", "-config=security", "-output=" + file)).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("weed scaffold: " + file + ": it is there already");
        assertThat(file).content().isEqualTo("mine");
        // A link to nowhere is no directory, and none can be made in its place.
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("gone"));
        assertThat(world.run("scaffold", "-config=security", "-output=" + link)).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("weed scaffold: " + link + ": ");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThat(world.run("scaffold", "-config=../x")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).contains("need a valid -config option: one of filer, notification");
    }
}
