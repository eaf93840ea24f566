# expect: cpu, timeout
# Falls deep through destructors that drop the next object, and then loops in one after the other.
class Falling:
    def __init__(self, height):
        self.height = height

    def __del__(self):
        if self.height:
            Falling(self.height - 1)


class Undying:
    def __del__(self):
        while True:
            pass


Falling(5000)
while True:
    Undying()
