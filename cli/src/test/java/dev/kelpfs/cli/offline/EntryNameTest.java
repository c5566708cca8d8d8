package dev.kelpfs.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.tool.WrongArgumentsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryNameTest {
    @ParameterizedTest
    @CsvSource({
        "photo.jpg,photo.jpg", "/etc/passwd,etc/passwd", "../../etc/passwd,__/__/etc/passwd", "a/./b,a/b", "a//b,a/b", "..,__",
        "'',_", "/,_", "a\\..\\b,a_.._b", "'a\nb',a_b", "Grüße/日本.txt,Grüße/日本.txt"
    })
    void anEntryNeverLeadsOutOfItsDirectory(String name, String safe) {
        assertThat(EntryName.safe(name)).isEqualTo(safe);
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt,image/png,''", "a,image/png,.png", "'',image/jpeg,.jpg", "a,'text/html; charset=utf-8',.html", "a,x/unknown,''",
        ".hidden,image/gif,.gif", "dir.d/a,image/gif,.gif"
    })
    void aNameWithoutExtensionGetsThatOfItsType(String name, String mime, String extension) {
        assertThat(EntryName.extension(name, mime)).isEqualTo(extension);
    }

    @Test
    void fieldsOfTheTemplateAreFilledIn() throws WrongArgumentsException {
        FileNameTemplate.Values values = new FileNameTemplate.Values("7", "a", "image/png", "3,07aabbccdd", ".png");
        assertThat(FileNameTemplate.parse(FileNameTemplate.DEFAULT).name(values)).isEqualTo("7_a.png");
        assertThat(FileNameTemplate.parse("{{ .Mime }}/{{.Key}}-{{- .Name -}}").name(values)).isEqualTo("image/png/3,07aabbccdd-a");
        assertThat(FileNameTemplate.parse("{{.Mime}}/{{.Name}}").isUnique()).isFalse();
        assertThat(FileNameTemplate.parse(FileNameTemplate.DEFAULT).isUnique()).isTrue();
    }
}
