package dev.kelpfs.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellLineTest {
    @Test
    void semicolonsCutAlsoInsideQuotes() {
        assertThat(ShellLine.commands("lock; volume.list ;;  unlock")).containsExactly("lock", "volume.list", "unlock");
        assertThat(ShellLine.commands("a 'b;c'")).containsExactly("a 'b", "c'");
        assertThat(ShellLine.commands("  ")).isEmpty();
    }

    @Test
    void wordsAreCutAtBlanksAndGroupedByQuotes() {
        assertThat(ShellLine.words("volume.mark\t-name=\"a b\"  'c \"d'")).containsExactly("volume.mark", "-name=a b", "c \"d");
        assertThat(ShellLine.words("a\\ b \"c\\\"d\" 'e\\f'")).containsExactly("a b", "c\"d", "e\\f");
        assertThat(ShellLine.words("a \"\" '' b")).containsExactly("a", "b");
    }

    @Test
    void whatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> ShellLine.words("a 'b")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> ShellLine.words("a\\")).hasMessageContaining("backslash");
    }
}
