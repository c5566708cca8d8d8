package dev.kelpfs.volume.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", value = {
        "/3,01637037d6           | 3,01637037d6 | ''    | ''",
        "/3,01637037d6.jpg       | 3,01637037d6 | .jpg  | ''",
        "/3/01637037d6           | 3,01637037d6 | ''    | ''",
        "/3/01637037d6.jpg       | 3,01637037d6 | .jpg  | ''",
        "/3/01637037d6/a.b.png   | 3,01637037d6 | .png  | a.b.png",
        "/3/01637037d6/          | 3,01637037d6 | ''    | ''",
        "/3/01637037d6/plain     | 3,01637037d6 | ''    | plain",
        "/3,01637037d6_2         | 3,03637037d6 | ''    | ''",
        "/4294967299,01637037d6  | 3,01637037d6 | ''    | ''",
    })
    void takesEveryFormApart(String path, String id, String extension, String name) {
        FileUrl url = FileUrl.of(path);

        assertThat(url.id()).hasToString(id);
        assertThat(url.extension()).isEqualTo(extension);
        assertThat(url.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/", "/3", "/3,", "/,01637037d6", "/x,01637037d6", "/3,0163703", "/3,+1637037d6", "/3,01637037dg", "/3,01637037d6_x",
        "/3,ffffffffffffffff637037d6_1", "/a.b,c", "/3/01637037d6.jpg/name", "/3/4/5/6", "/3/4/5,01637037d6/7", "/favicon.ico",
        "/3,01637037d6.a,b", "/3,", "/-3,01637037d6", "/ 3,01637037d6"
    })
    void refusesWhatIsNoId(String path) {
        assertThatThrownBy(() -> FileUrl.of(path).id()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUploadTakesTheKeyBehindTheLastComma() {
        assertThat(FileUrl.ofUpload("/3,01637037d6.txt").id()).hasToString("3,01637037d6");
        assertThat(FileUrl.ofUpload("/3/x,01637037d6").id()).hasToString("3,01637037d6");
        assertThatThrownBy(() -> FileUrl.ofUpload("/3/01637037d6").id()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenNamesTheTextWithoutDelta() {
        assertThat(FileUrl.of("/03/01637037D6_2/n").tokenSubject()).isEqualTo("03,01637037D6");
    }
}
