package dev.kelpfs.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown whose columns line up in a terminal too. Only this thread. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /** @param heads one for each column */
    public Table(String... heads) {
        rows.add(List.of(heads));
    }

    /** Adds a row; a cell for each column. */
    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) throw new IllegalArgumentException("a cell for every column is needed");
        rows.add(List.of(cells));
    }

    /** The whole table. */
    public String render() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) widths[c] = Math.max(widths[c], row.get(c).length());
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns; c++) {
                String cell = rows.get(r).get(c);
                String blanks = " ".repeat(widths[c] - cell.length());
                // Names to the left, figures to the right.
                text.append("| ").append(c == 0 ? cell + blanks : blanks + cell).append(' ');
            }
            text.append("|\n");
            if (r == 0) {
                for (int c = 0; c < columns; c++) {
                    text.append('|').append("-".repeat(widths[c] + 1)).append(c == 0 ? '-' : ':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
