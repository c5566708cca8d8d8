package dev.kelpfs.master.raft;

class RaftLogOfThreeTest extends RaftLogContract {
    RaftLogOfThreeTest() {
        super(3);
    }
}
