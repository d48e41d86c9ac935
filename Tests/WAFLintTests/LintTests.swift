import Testing
import WAFLint
