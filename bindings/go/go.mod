module github.com/statesync/state-sync/bindings/go

go 1.22
