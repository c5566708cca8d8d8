package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileIdTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3,01637037d6                       | 3          | 1                | 637037d6
            3,0fed00116e41                     | 3          | fed              | 00116e41
            4294967297,01637037d6              | 1          | 1                | 637037d6
            4294967295,01637037d6              | 4294967295 | 1                | 637037d6
            0003,01637037D6                    | 3          | 1                | 637037d6
            3,1637037d6                        | 3          | 1                | 637037d6
            3,ffffffffffffffff637037d6         | 3          | ffffffffffffffff | 637037d6
            3,01637037d6_2                     | 3          | 3                | 637037d6
            3,01637037d6_                      | 3          | 1                | 637037d6
            """)
    void readsWhatTheReferenceReads(String text, String volume, String key, String cookie) {
        FileId id = FileId.parse(text);

        assertThat(id.volume()).hasToString(volume);
        assertThat(id.key()).hasToString(key);
        assertThat(id.cookie()).hasToString(cookie);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "3", ",01637037d6", "3,", "3,637037d6", "x,01637037d6", "-3,01637037d6", "+3,01637037d6", " 3,01637037d6",
        "3,+1637037d6", "3,0x637037d6a", "3,01637037g6", "3,0000000000000000011637037d6", "3,01637037d6_x", "3,01637037d6_-1",
        "3,ffffffffffffffff637037d6_1", "3,01637037d6_18446744073709551616", "3,_01637037d6", "99999999999999999999,01637037d6",
    })
    void refusesWhatIsNoFileId(String text) {
        assertThatThrownBy(() -> FileId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyIdReadsBackFromItsText() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            long key = random.nextLong() >>> random.nextInt(64);
            if (key == 0) continue;
            FileId id = new FileId(new VolumeId(random.nextInt()), new NeedleKey(key), new Cookie(random.nextInt()));

            assertThat(FileId.parse(id.toString())).as("seed %d", seed).isEqualTo(id);
            assertThat(id.keyCookie().length() % 2).as("seed %d: whole bytes", seed).isZero();
        }
    }

    @Test
    void aRefusalSaysWhatWasExpectedAndWhatCame() {
        assertThatThrownBy(() -> FileId.parse("hello")).hasMessage("a file id looks like 3,01637037d6, got \"hello\"");
        assertThatThrownBy(() -> FileId.parse("3,01637037z6")).hasMessageContaining("'z' is no hex digit");
    }
}
