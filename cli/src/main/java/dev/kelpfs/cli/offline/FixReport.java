package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.tool.JsonText;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.storage.volume.IndexFix.Findings;
import dev.kelpfs.storage.volume.VolumeFiles;
import java.io.PrintStream;
import tools.jackson.core.JsonGenerator;

/** Tells volume by volume what became of it: a line of text and what is wrong on stderr, or a JSON object a
 * line. */
final class FixReport {
    private final PrintStream out;
    private final ToolRun tool;
    private final OutputForm form;
    private int fixed;
    private int left;

    FixReport(PrintStream out, ToolRun tool, OutputForm form) {
        this.out = out;
        this.tool = tool;
        this.form = form;
    }

    void rebuilt(VolumeFiles files, Findings findings) {
        fixed++;
        switch (form) {
            case TEXT -> {
                out.println(files.name() + ": new index of " + findings.rows() + " rows: " + findings.liveNeedles()
                        + " live files, " + findings.deadRecords() + " deleted or overwritten");
                tellText(findings);
            }
            case JSON -> json(files, json -> {
                json.writeBooleanProperty("rebuilt", true);
                tellJson(json, findings);
            });
        }
    }

    void damaged(VolumeFiles files, Findings findings) {
        left++;
        switch (form) {
            case TEXT -> {
                tool.say(files.name() + " is not fixed: the data file is damaged and the index stays as it is; restore the "
                        + "volume from another copy, or run this with -ignoreError to have an index of what is good");
                tellText(findings);
            }
            case JSON -> json(files, json -> {
                json.writeBooleanProperty("rebuilt", false);
                json.writeStringProperty("error", "the data file is damaged; -ignoreError makes an index of what is good");
                tellJson(json, findings);
            });
        }
    }

    void failed(VolumeFiles files, String reason) {
        left++;
        switch (form) {
            case TEXT -> tool.say(files.name() + " is not fixed: " + reason);
            case JSON -> json(files, json -> {
                json.writeBooleanProperty("rebuilt", false);
                json.writeStringProperty("error", reason);
            });
        }
    }

    void end() {
        if (form == OutputForm.TEXT && fixed + left > 1) out.println(fixed + " volumes fixed, " + left + " not fixed");
    }

    boolean allFixed() {
        return left == 0;
    }

    private void tellText(Findings findings) {
        findings.told().forEach(damage -> tool.say("damaged: " + damage));
        long untold = findings.damages() - findings.told().size();
        if (untold > 0) tool.say("and " + untold + " more");
        if (findings.guesses() > 0) {
            tool.say(findings.guesses() + " records without content were taken for deletions; without the old index nobody can "
                    + "tell them from empty files");
        }
        if (findings.tornBytes() > 0) {
            tool.say("the last " + findings.tornBytes() + " bytes form no whole record; the next start of the volume "
                    + "server cuts them off and keeps them beside the data file");
        }
    }

    private static void tellJson(JsonGenerator json, Findings findings) {
        json.writeNumberProperty("rows", findings.rows());
        json.writeNumberProperty("liveFiles", findings.liveNeedles());
        json.writeNumberProperty("deadRecords", findings.deadRecords());
        json.writeNumberProperty("guesses", findings.guesses());
        json.writeNumberProperty("damages", findings.damages());
        json.writeArrayPropertyStart("damaged");
        findings.told().forEach(json::writeString);
        json.writeEndArray();
        json.writeNumberProperty("tornBytes", findings.tornBytes());
    }

    private void json(VolumeFiles files, JsonText.Content content) {
        out.println(JsonText.object(json -> {
            json.writeNumberProperty("volume", files.name().id().value());
            json.writeStringProperty("collection", files.name().collection().text());
            json.writeStringProperty("dat", files.dat().toString());
            content.write(json);
        }));
    }
}
