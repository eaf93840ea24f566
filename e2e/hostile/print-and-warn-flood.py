# expect: output
# Floods both streams, one by print and one by warnings.
import warnings

warnings.simplefilter('always')
while True:
    print('out' * 300)
    warnings.warn('err' * 300)
