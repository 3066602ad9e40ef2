import ArgumentParser
import Configuration
import ServiceLifecycle
import UnixSignals
public func runXinglin() async { print("hi") }
