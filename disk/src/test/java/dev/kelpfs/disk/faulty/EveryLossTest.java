package dev.kelpfs.disk.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
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
