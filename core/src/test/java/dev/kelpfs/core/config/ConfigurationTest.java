package dev.kelpfs.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final Path BROKEN = Path.of("broken");

    private static Configuration load(Map<String, String> files, Map<String, String> environment, String... names) {
        return new ConfigurationLoader(
                        ConfigurationPlace.of("/given", Optional.of(Path.of("/home/kim"))), reader(files), environment)
                .load(List.of(names));
    }

    private static FileText reader(Map<String, String> files) {
        return file -> {
            String text = files.get(file.toString());
            if (BROKEN.toString().equals(text)) throw new IOException("permission denied");
            return Optional.ofNullable(text);
        };
    }

    @Test
    void looksInTheGivenDirectoryFirstThenHereThenAtHomeThenInTheSystem() {
        assertThat(ConfigurationPlace.of("/given", Optional.of(Path.of("/home/kim"))).directories())
                .containsExactly(Path.of("/given"), Path.of("."), Path.of("/home/kim/.seaweedfs"),
                        Path.of("/usr/local/etc/seaweedfs"), Path.of("/etc/seaweedfs"));
        assertThat(ConfigurationPlace.of("", Optional.empty()).directories()).startsWith(Path.of(".")).hasSize(3);
    }

    @Test
    void takesTheFirstFileOfANameAndNothingFromTheOthers() {
        Configuration configuration = load(
                Map.of("./master.toml", "[master.volume_growth]\ncopy_1 = 3\n",
                        "/etc/seaweedfs/master.toml", "[master.volume_growth]\ncopy_1 = 9\ncopy_2 = 9\n"),
                Map.of(), "master");
        assertThat(configuration.text("master.volume_growth.copy_1")).contains("3");
        assertThat(configuration.text("master.volume_growth.copy_2")).isEmpty();
        assertThat(configuration.origin("master.volume_growth.copy_1")).isEqualTo("./master.toml line 2");
    }

    @Test
    void mergesFilesIntoOneKeySpace() {
        Configuration configuration = load(
                Map.of("/given/security.toml", "[access]\nui = true\n",
                        "/given/master.toml", "[jwt.signing]\nkey = \"secret\"\n[access]\nui = false\n"),
                Map.of(), "security", "master");
        assertThat(configuration.text("jwt.signing.key")).contains("secret");
        assertThat(configuration.text("access.ui")).contains("false");
    }

    @Test
    void keysHaveNoCase() {
        Configuration configuration = load(
                Map.of("/given/security.toml", "[grpc.volume]\nALLOWED_commonnames = \"a,b\"\n"), Map.of(), "security");
        assertThat(configuration.text("grpc.volume.allowed_commonNames")).contains("a,b");
        assertThat(configuration.warnings()).isEmpty();
    }

    @Test
    void theEnvironmentOverridesAFileAndWorksWithoutOne() {
        Map<String, String> environment =
                Map.of("WEED_GRPC_VOLUME_ALLOWED_COMMONNAMES", "x", "WEED_MASTER_VOLUME_GROWTH_COPY_1", "");
        Configuration configuration = load(
                Map.of("/given/master.toml", "[master.volume_growth]\ncopy_1 = 3\n"), environment, "master");
        assertThat(configuration.text("grpc.volume.allowed_commonNames")).contains("x");
        assertThat(configuration.origin("grpc.volume.allowed_commonNames"))
                .isEqualTo("the variable WEED_GRPC_VOLUME_ALLOWED_COMMONNAMES");
        assertThat(configuration.text("master.volume_growth.copy_1")).as("an empty variable is none").contains("3");
    }

    @Test
    void readsEveryTypeFromFileAndVariable() throws ConfigurationException {
        String file = """
                [volume.disk.io]
                probe = true
                timeout = "2s"
                min.samples = 10
                recovery.coef = 0.5
                [maintenance.erasure_coding]
                preferred_tags = ["fast", "ssd"]
                """;
        Configuration fromFile = load(Map.of("/given/volume.toml", file), Map.of(), "volume");
        Configuration fromVariables = Configuration.of(Map.of("WEED_VOLUME_DISK_IO_PROBE", "T",
                "WEED_VOLUME_DISK_IO_TIMEOUT", "2s", "WEED_VOLUME_DISK_IO_MIN_SAMPLES", "10",
                "WEED_VOLUME_DISK_IO_RECOVERY_COEF", "0.5", "WEED_MAINTENANCE_ERASURE_CODING_PREFERRED_TAGS", "fast,ssd"));
        for (Configuration configuration : List.of(fromFile, fromVariables)) {
            assertThat(configuration.flag("volume.disk.io.probe", false)).isTrue();
            assertThat(configuration.duration("volume.disk.io.timeout", Duration.ZERO)).isEqualTo(Duration.ofSeconds(2));
            assertThat(configuration.integer("volume.disk.io.min.samples", 0)).isEqualTo(10);
            assertThat(configuration.number("volume.disk.io.recovery.coef", 0)).isEqualTo(0.5);
            assertThat(configuration.texts("maintenance.erasure_coding.preferred_tags")).containsExactly("fast", "ssd");
            assertThat(configuration.integer("volume.disk.io.max.stat.failures", 5)).isEqualTo(5);
        }
    }

    @Test
    void aValueOfTheWrongTypeIsAnErrorThatNamesItsPlace() {
        Configuration configuration = load(
                Map.of("/given/master.toml", "[master.volume_growth]\ncopy_1 = \"many\"\n"), Map.of(), "master");
        assertThatThrownBy(() -> configuration.integer("master.volume_growth.copy_1", 7))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("master.volume_growth.copy_1 must be an integer, got \"many\" from /given/master.toml line 2");
        assertThatThrownBy(() -> Configuration.of(Map.of("WEED_ACCESS_UI", "yes")).flag("access.ui", false))
                .hasMessage("access.ui must be true or false, got \"yes\" from the variable WEED_ACCESS_UI");
    }

    @Test
    void anUnknownKeyIsAWarningThatNamesTheNearest() {
        Configuration configuration = load(
                Map.of("/given/security.toml", "[jwt.singing]\nkey = \"secret\"\n\n[zebra]\nstripes = 3\n"),
                Map.of(), "security");
        assertThat(configuration.warnings()).containsExactlyInAnyOrder(
                "/given/security.toml line 2: unknown key jwt.singing.key; did you mean jwt.signing.key?",
                "/given/security.toml line 5: unknown key zebra.stripes; it has no effect");
    }

    @Test
    void aFileThatCannotBeUsedIsSkippedWithAWarning() {
        Configuration configuration = load(
                Map.of("/given/security.toml", "[jwt\nkey = ", "/given/master.toml", BROKEN.toString(),
                        "./volume.toml", "[volume.disk.io]\nprobe = true\n"),
                Map.of(), "security", "master", "volume");
        assertThat(configuration.warnings()).hasSize(2);
        assertThat(configuration.warnings().get(0)).contains("/given/security.toml", "line 1", "skipped");
        assertThat(configuration.warnings().get(1)).contains("/given/master.toml", "permission denied", "skipped");
        assertThat(configuration.text("volume.disk.io.probe")).contains("true");
    }

    @Test
    void everyKeyOfEveryFileIsKnown() {
        assertThat(List.of("master.maintenance.scripts", "cluster.sw.master", "storage.backend.s3.default.region",
                        "mysql.password", "filer.options.buckets_folder", "notification.kafka.hosts", "sink.s3.bucket",
                        "elastic7.index.max_result_window", "redis2.archive.location", "credential.postgres.schema",
                        "grpc.msg_broker.client_key", "https.filer.disable_tls_verify_client_cert", "s3.sse.kek.passphrase"))
                .allSatisfy(key -> assertThat(KnownKeys.find(key)).as(key).isPresent());
    }

    @Test
    void tellsWhatIsSetAndNotBuiltForTheComponentsOfThisProcess() {
        Configuration configuration = load(
                Map.of("/given/security.toml",
                        "[jwt.signing]\nkey = \"secret\"\n[jwt.filer_signing]\nkey = \"other\"\n"
                                + "[grpc.volume]\ncert = \"/a.pem\"\n[https.volume]\nkey = \"\"\n"),
                Map.of("WEED_TLS_MIN_VERSION", "TLS 1.3"), "security");
        assertThat(UnbuiltSetting.in(configuration, Set.of("volume"))).containsExactly(
                new UnbuiltSetting("grpc.volume.cert", "/given/security.toml line 6", true),
                new UnbuiltSetting("tls.min_version", "the variable WEED_TLS_MIN_VERSION", false));
    }
}
