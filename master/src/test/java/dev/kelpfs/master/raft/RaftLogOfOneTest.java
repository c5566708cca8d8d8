package dev.kelpfs.master.raft;

class RaftLogOfOneTest extends RaftLogContract {
    RaftLogOfOneTest() {
        super(1);
    }
}
