import Testing
import WAFTesting
