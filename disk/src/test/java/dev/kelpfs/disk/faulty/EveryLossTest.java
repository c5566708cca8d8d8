package dev.kelpfs.disk.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EveryLossTest {
    @Test
    void walksThroughAllSequencesOnce() {
        List<String> seen = new ArrayList<>();
        EveryLoss losses = new EveryLoss();
        do {
            int first = losses.choose(2);
            // How many choices there are may depend on those before.
            seen.add(first == 0 ? "0" + losses.choose(3) : "1" + losses.choose(2) + losses.choose(2));
        } while (losses.next());
        assertThat(seen).containsExactly("00", "01", "02", "100", "101", "110", "111");
    }

    @Test
    void startsWithWhatSurvives() {
        EveryLoss losses = new EveryLoss();
        assertThat(losses.choose(5)).isZero();
        assertThat(losses.choose(2)).isZero();
    }

    @Test
    void tearsAtBothEndsAndInTheMiddle() {
        assertThat(tears(2)).containsExactly(1);
        assertThat(tears(3)).containsExactly(1, 2);
        assertThat(tears(4)).containsExactly(1, 2, 3);
        assertThat(tears(100)).containsExactly(1, 50, 99);
    }

    @Test
    void tearsBehindEveryByteIfAsked() {
        assertThat(tears(EveryLoss.tearingAtEveryByte(), 5)).containsExactly(1, 2, 3, 4);
        assertThat(tears(EveryLoss.tearingAtEveryByte(), 2)).containsExactly(1);
    }

    @Test
    void keepsEverySubsetOfFewPagesAndSomeOfMany() {
        assertThat(pages(2)).containsExactlyInAnyOrder("x-", "-x");
        assertThat(pages(3)).containsExactlyInAnyOrder("x--", "-x-", "xx-", "--x", "x-x", "-xx");
        assertThat(pages(4)).doesNotHaveDuplicates().hasSize(14).allMatch(text -> text.contains("x") && text.contains("-"));
        assertThat(pages(5)).containsExactlyInAnyOrder(
                "x----", "-xxxx", "--x--", "xx-xx", "----x", "xxxx-", "x-x-x", "-x-x-");
        assertThat(pages(300)).hasSize(8).doesNotHaveDuplicates().allMatch(text -> text.contains("x") && text.contains("-"));
    }

    private static List<String> pages(int count) {
        List<String> seen = new ArrayList<>();
        EveryLoss losses = new EveryLoss();
        do {
            BitSet kept = losses.pages(count);
            assertThat(kept.length()).isLessThanOrEqualTo(count);
            StringBuilder text = new StringBuilder();
            for (int page = 0; page < count; page++) text.append(kept.get(page) ? 'x' : '-');
            seen.add(text.toString());
        } while (losses.next());
        return seen;
    }

    @Test
    void noticesARunThatCannotBeRepeated() {
        EveryLoss losses = new EveryLoss();
        losses.choose(2);
        assertThat(losses.next()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> losses.choose(3));
    }

    private static TreeSet<Integer> tears(int length) {
        return tears(new EveryLoss(), length);
    }

    private static TreeSet<Integer> tears(EveryLoss losses, int length) {
        TreeSet<Integer> seen = new TreeSet<>();
        do {
            seen.add(losses.tear(length));
        } while (losses.next());
        return seen;
    }
}
