package dev.kelpfs.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.flags.FlagValues.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final FlagTable TABLE = FlagTable.of(List.of(
            Flag.integer("port", 8080, "port"),
            Flag.integer("port.grpc", 0, "other port"),
            Flag.unsigned("sizeMB", 30, "size"),
            Flag.decimal("share", "0.3", "share"),
            Flag.duration("wait", "10s", "wait"),
            Flag.toggle("on", false, "switch"),
            Flag.text("dir", "", "directory"),
            Flag.text("volumeId", "", "id")));

    private static Parsing read(Map<String, String> environment, String options, String... arguments) {
        return new CommandLine(TABLE, environment, file -> text(file, options)).read(List.of(arguments));
    }

    private static Optional<String> text(Path file, String options) {
        return file.equals(Path.of("my.options")) ? Optional.of(options) : Optional.empty();
    }

    private static Parsing.Parsed parsed(String... arguments) {
        return accepted(read(Map.of(), "", arguments));
    }

    private static Parsing.Parsed accepted(Parsing parsing) {
        assertThat(parsing).isInstanceOf(Parsing.Parsed.class);
        return (Parsing.Parsed) parsing;
    }

    private static String refusal(Parsing parsing) {
        assertThat(parsing).isInstanceOf(Parsing.Refused.class);
        return ((Parsing.Refused) parsing).lines().getFirst();
    }

    @Test
    void oneDashAndTwoAreTheSameAndAValueFollowsAnEqualsSignOrABlank() {
        for (String[] line : List.of(new String[] {"-port=1"}, new String[] {"--port=1"}, new String[] {"-port", "1"},
                new String[] {"--port", "1"})) {
            assertThat(parsed(line).values().integer("port")).isEqualTo(1);
        }
    }

    @Test
    void aSwitchTakesAValueOnlyWithAnEqualsSign() {
        assertThat(parsed("-on").values().isOn("on")).isTrue();
        assertThat(parsed("-on=false").values().isOn("on")).isFalse();
        Parsing.Parsed loose = parsed("-on", "false");
        assertThat(loose.values().isOn("on")).isTrue();
        assertThat(loose.positionals()).containsExactly("false");
    }

    @ParameterizedTest
    @CsvSource({"1,true", "0,false", "t,true", "f,false", "T,true", "F,false", "true,true", "false,false", "TRUE,true",
        "FALSE,false", "True,true", "False,false"})
    void readsSwitches(String text, boolean value) {
        assertThat(parsed("-on=" + text).values().isOn("on")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"10,10", "-7,-7", "+7,7", "0x1f,31", "0X1F,31", "017,15", "0o17,15", "0b101,5", "1_000,1000", "0x_1f,31",
        "0_7,7", "0,0", "-0x10,-16", "9223372036854775807,9223372036854775807", "-9223372036854775808,-9223372036854775808"})
    void readsIntegers(String text, long value) {
        assertThat(parsed("-port=" + text).values().integer("port")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "1.5", "0x", "08", "0b2", "1__0", "_1", "1_", "tcp://1.2.3.4:80", "1e3", "--1", "0x-1"})
    void refusesWhatIsNoInteger(String text) {
        assertThat(refusal(read(Map.of(), "", "-port=" + text)))
                .isEqualTo("invalid value \"" + text + "\" for flag -port: parse error");
    }

    @Test
    void tellsNumbersThatDoNotFit() {
        assertThat(refusal(read(Map.of(), "", "-port=9223372036854775808"))).endsWith("-port: value out of range");
        assertThat(refusal(read(Map.of(), "", "-sizeMB=18446744073709551616"))).endsWith("-sizeMB: value out of range");
        assertThat(refusal(read(Map.of(), "", "-share=1e999"))).endsWith("-share: value out of range");
        assertThat(parsed("-sizeMB=18446744073709551615").values().unsigned("sizeMB")).isEqualTo(-1L);
        assertThat(refusal(read(Map.of(), "", "-sizeMB=-1"))).endsWith("parse error");
    }

    @Test
    void readsDecimalsAndDurations() {
        assertThat(parsed("-share=.5").values().decimal("share")).isEqualTo(0.5);
        assertThat(parsed("-share=1e-1").values().decimal("share")).isEqualTo(0.1);
        assertThat(refusal(read(Map.of(), "", "-share=0.5f"))).endsWith("parse error");
        assertThat(parsed("-wait=1h30m").values().duration("wait")).isEqualTo(Duration.ofMinutes(90));
        assertThat(parsed("-wait=0").values().duration("wait")).isZero();
        assertThat(refusal(read(Map.of(), "", "-wait=5"))).isEqualTo("invalid value \"5\" for flag -wait: parse error");
    }

    @Test
    void stopsAtTheFirstPositionalOrAfterTwoDashes() {
        assertThat(parsed("-port=1", "file", "-port=2").values().integer("port")).isEqualTo(1);
        assertThat(parsed("-port=1", "file", "-port=2").positionals()).containsExactly("file", "-port=2");
        assertThat(parsed("-on", "--", "-port=2").positionals()).containsExactly("-port=2");
        assertThat(parsed("-", "-port=2").positionals()).containsExactly("-", "-port=2");
    }

    @Test
    void theLastOfARepeatedFlagWins() {
        assertThat(parsed("-port=1", "-port=2").values().integer("port")).isEqualTo(2);
    }

    @Test
    void anEmptyTextIsAValue() {
        Parsing.Parsed line = parsed("-dir=", "-volumeId", "");
        assertThat(line.values().text("dir")).isEmpty();
        assertThat(line.values().isGiven("dir")).isTrue();
        assertThat(line.positionals()).isEmpty();
    }

    @Test
    void saysWhatIsWrongInTheReferencesWords() {
        assertThat(refusal(read(Map.of(), "", "-x"))).isEqualTo("flag provided but not defined: -x");
        assertThat(refusal(read(Map.of(), "", "--x=1"))).isEqualTo("flag provided but not defined: -x");
        assertThat(refusal(read(Map.of(), "", "-port"))).isEqualTo("flag needs an argument: -port");
        assertThat(refusal(read(Map.of(), "", "---port"))).isEqualTo("bad flag syntax: ---port");
        assertThat(refusal(read(Map.of(), "", "-=1"))).isEqualTo("bad flag syntax: -=1");
        assertThat(refusal(read(Map.of(), "", "-on=yes")))
                .isEqualTo("invalid boolean value \"yes\" for -on: parse error");
        assertThat(refusal(read(Map.of(), "", "-test.run=x"))).isEqualTo("flag provided but not defined: -test.run");
    }

    @Test
    void namesTheNearestFlag() {
        assertThat(read(Map.of(), "", "-prot=1")).isEqualTo(
                new Parsing.Refused(List.of("flag provided but not defined: -prot", "did you mean -port?")));
    }

    @Test
    void helpIsAskedForByThreeSpellings() {
        for (String help : List.of("-h", "-help", "--help")) {
            assertThat(read(Map.of(), "", help)).isEqualTo(new Parsing.HelpAsked());
        }
    }

    @Test
    void commandLineBeatsEnvironmentBeatsOptionsFileBeatsDefault() {
        String options = "port=3\nsizeMB=3\nshare=0.5\n";
        Map<String, String> environment = Map.of("PORT", "2", "SIZEMB", "2", "OPTIONS", "my.options");
        FlagValues values = accepted(read(environment, options, "-port=1")).values();
        assertThat(values.integer("port")).isEqualTo(1);
        assertThat(values.origin("port")).isEqualTo(Origin.COMMAND_LINE);
        assertThat(values.unsigned("sizeMB")).isEqualTo(2);
        assertThat(values.origin("sizeMB")).isEqualTo(Origin.ENVIRONMENT);
        assertThat(values.decimal("share")).isEqualTo(0.5);
        assertThat(values.origin("share")).isEqualTo(Origin.OPTIONS_FILE);
        assertThat(values.duration("wait")).isEqualTo(Duration.ofSeconds(10));
        assertThat(values.origin("wait")).isEqualTo(Origin.DEFAULT);
    }

    @Test
    void variablesAreNamedAfterTheFlagAndGlobalOnesHaveAPrefix() {
        assertThat(accepted(read(Map.of("PORT_GRPC", "7", "VOLUMEID", "3"), "")).values().integer("port.grpc")).isEqualTo(7);
        FlagTable global = FlagTable.global(List.of(Flag.integer("v", 0, "verbosity")));
        Parsing read = new CommandLine(global, Map.of("V", "1", "WEED_V", "2"), file -> Optional.empty()).read(List.of());
        assertThat(accepted(read).values().integer("v")).isEqualTo(2);
    }

    @Test
    void aBadVariableIsAnErrorUnlessTheCommandLineHidesIt() {
        Map<String, String> environment = Map.of("PORT", "tcp://10.0.0.1:80");
        assertThat(refusal(read(environment, "")))
                .isEqualTo("invalid value \"tcp://10.0.0.1:80\" for environment variable port: parse error");
        assertThat(accepted(read(environment, "", "-port=1")).values().integer("port")).isEqualTo(1);
        assertThat(refusal(read(Map.of("PORT", ""), "")))
                .isEqualTo("invalid value \"\" for environment variable port: parse error");
        assertThat(accepted(read(Map.of("DIR", ""), "")).values().isGiven("dir")).isTrue();
    }

    @Test
    void readsOptionsFilesLineByLine() {
        String options = """
                # a comment
                -port=1

                  sizeMB 5
                share:0.7
                on
                dir= = "x" # not a comment
                --wait=1s
                unknown=9
                """;
        FlagValues values = accepted(read(Map.of(), options, "-options=my.options")).values();
        assertThat(values.integer("port")).isEqualTo(1);
        assertThat(values.unsigned("sizeMB")).isEqualTo(5);
        assertThat(values.decimal("share")).isEqualTo(0.7);
        assertThat(values.isOn("on")).isTrue();
        assertThat(values.text("dir")).isEqualTo("= \"x\" # not a comment");
        assertThat(values.isGiven("wait")).as("a second dash makes the key unknown").isFalse();
    }

    @Test
    void aBadOptionsFileIsAnError() {
        assertThat(refusal(read(Map.of(), "port = 1", "-options=my.options")))
                .isEqualTo("invalid value \"= 1\" for configuration variable port: parse error");
        assertThat(refusal(read(Map.of(), "", "-options=missing")))
                .isEqualTo("cannot read the options file missing: there is no such file");
        assertThat(accepted(read(Map.of(), "port=x", "-options=")).values().integer("port")).isEqualTo(8080);
    }

    @Test
    void globalFlagsMayStandInTheFileThatTheSubCommandNames() {
        List<String> line = List.of("server", "-dir=x", "--options", "my.options");
        assertThat(CommandLine.optionsFileIn(line)).contains("my.options");
        Parsing read = new CommandLine(TABLE, Map.of(), file -> text(file, "port=3")).read(line, CommandLine.optionsFileIn(line));
        assertThat(accepted(read).values().integer("port")).isEqualTo(3);
        assertThat(accepted(read).positionals()).startsWith("server");
    }

    @Test
    void listsFlagsSortedWithTypeHelpAndDefault() {
        assertThat(FlagUsage.of(FlagTable.of(List.of(
                        Flag.text("z", "a\"b", "last"), Flag.toggle("v", true, "one letter"), Flag.integer("n", 0, "none shown"),
                        Flag.duration("wait", "24h", "two\nlines").later("waiting")))))
                .isEqualTo("  -n int\n    \tnone shown\n"
                        + "  -options string\n    \tfile with flag values, one name=value a line\n"
                        + "  -v\tone letter (default true)\n"
                        + "  -wait duration\n    \ttwo\n    \tlines (default 24h0m0s) [not built yet]\n"
                        + "  -z string\n    \tlast (default \"a\\\"b\")\n");
    }
}
